package microtome.tensor;

/**
 * Whether a backend can open here.
 *
 * @param backend its name
 * @param available whether it can
 * @param reason why not, or what was found
 */
public record Availability(String backend, boolean available, String reason) {}
