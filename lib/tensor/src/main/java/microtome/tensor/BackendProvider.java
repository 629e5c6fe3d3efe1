package microtome.tensor;

/** Offers one backend; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name a user asks for: {@code cpu}, {@code reference}, … */
    String name();

    /** Higher is tried first. */
    int priority();

    /** Whether the backend can open here, and if not, why. Never throws. */
    Availability availability();

    /** Opens the backend. */
    Backend open();
}
