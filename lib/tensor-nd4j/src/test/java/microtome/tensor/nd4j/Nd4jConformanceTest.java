package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import microtome.tensor.conformance.AdjointConformance;
import microtome.tensor.conformance.AttentionConformance;
import microtome.tensor.conformance.BlockConformance;
import microtome.tensor.conformance.CastConformance;
import microtome.tensor.conformance.Conformances;
import microtome.tensor.conformance.ElementwiseConformance;
import microtome.tensor.conformance.FailureConformance;
import microtome.tensor.conformance.FusedGradientConformance;
import microtome.tensor.conformance.GradientConformance;
import microtome.tensor.conformance.LifetimeConformance;
import microtome.tensor.conformance.MovementConformance;
import microtome.tensor.conformance.OperationConformance;
import microtome.tensor.conformance.ProductConformance;
import microtome.tensor.conformance.RowConformance;
import microtome.tensor.conformance.SelectionConformance;
import microtome.tensor.conformance.SparseConformance;
import microtome.tensor.conformance.StatisticsConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The backend on ND4J passes what every backend has to pass. */
class Nd4jConformanceTest {
    private static final String ND4J = "nd4j";

    @Nested
    class Casts extends CastConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Movements extends MovementConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Elementwise extends ElementwiseConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Rows extends RowConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Products extends ProductConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Attentions extends AttentionConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Blocks extends BlockConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Failures extends FailureConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Lifetimes extends LifetimeConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Selections extends SelectionConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Gradients extends GradientConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Sparse extends SparseConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Statistics extends StatisticsConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class FusedGradients extends FusedGradientConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Adjoints extends AdjointConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Nested
    class Operations extends OperationConformance {
        @Override
        protected String backend() {
            return ND4J;
        }
    }

    @Test
    void nothingOfTheSuiteIsLeftOut() {
        assertThat(Conformances.missingFrom(getClass())).isEmpty();
    }
}
