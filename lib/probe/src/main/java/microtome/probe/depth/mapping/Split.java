package microtome.probe.depth.mapping;

/** What a document is for. Whole documents, so that nothing that is reported was fitted to. */
enum Split {
    FIT("fit to"),
    CHOOSE("choose lambda by"),
    REPORT("report the error of");

    private static final int OF = 10;

    private final String purpose;

    Split(String purpose) {
        this.purpose = purpose;
    }

    /** What its documents are there to do. */
    String purpose() {
        return purpose;
    }

    /** Of ten documents in a row, the ninth and the tenth are held out. */
    static Split of(long document) {
        return switch ((int) (document % OF)) {
            case OF - 2 -> CHOOSE;
            case OF - 1 -> REPORT;
            default -> FIT;
        };
    }
}
