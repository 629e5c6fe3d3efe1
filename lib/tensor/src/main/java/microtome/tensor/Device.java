package microtome.tensor;

import java.util.Map;

/**
 * Where tensors live, as a model card prints it.
 *
 * @param backend name of the backend, such as {@code cpu} or {@code reference}
 * @param description one line for people
 * @param facts processor, lane, threads, library versions: the part of a result's provenance that numbers depend on
 */
public record Device(String backend, String description, Map<String, String> facts) {
    public Device {
        facts = Map.copyOf(facts);
    }
}
