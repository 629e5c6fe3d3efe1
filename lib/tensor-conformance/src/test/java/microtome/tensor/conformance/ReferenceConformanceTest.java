package microtome.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The naive backend passes what every backend has to pass. */
class ReferenceConformanceTest {
    private static final String REFERENCE = "reference";

    @Test
    void theSuiteIsWhole() {
        assertThat(Conformances.missingFrom(ReferenceConformanceTest.class)).isEmpty();
    }

    @Nested
    class Casts extends CastConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Movements extends MovementConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Elementwise extends ElementwiseConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Rows extends RowConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Products extends ProductConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Attentions extends AttentionConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Blocks extends BlockConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Failures extends FailureConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Lifetimes extends LifetimeConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Selections extends SelectionConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Gradients extends GradientConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Sparse extends SparseConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Statistics extends StatisticsConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Operations extends OperationConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class FusedGradients extends FusedGradientConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }

    @Nested
    class Adjoints extends AdjointConformance {
        @Override
        protected String backend() {
            return REFERENCE;
        }
    }
}
