package microtome.cli;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param what its name
 * @param state how it is
 * @param details what was found, or why it is missing
 * @param fix what to do about it; empty when nothing is to be done
 */
record Finding(String what, State state, String details, String fix) {
    /** How a thing is. */
    enum State {
        /** Here and right. */
        OK("ok"),
        /** Absent or wrong, but the notebooks run without it. */
        MISSING("missing"),
        /** Absent or wrong, and the notebooks need it. */
        NEEDED("NEEDED");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Finding ok(String what, String details) {
        return new Finding(what, State.OK, details, "");
    }

    static Finding missing(String what, String details, String fix) {
        return new Finding(what, State.MISSING, details, fix);
    }

    static Finding needed(String what, String details, String fix) {
        return new Finding(what, State.NEEDED, details, fix);
    }
}
