package microtome.tensor.nd4j;

import java.nio.file.Path;

/** The tiny models of the model module, with the values that another program computed from them. */
final class Fixtures {
    private Fixtures() {}

    static Path folder(String name) {
        return Path.of("../model/src/test/resources/microtome/model/architectures")
                .resolve(name);
    }
}
