package microtome.model.store.hub;

/** Exceptions in words: those of the JDK's network often have none of their own. */
final class Failures {
    private Failures() {}

    static String text(Throwable failure) {
        String kind = failure.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        String words = failure.getMessage();
        if (words == null && failure.getCause() != null && failure.getCause() != failure) {
            return text(failure.getCause());
        }
        return words == null ? kind : words;
    }
}
