package microtome.probe.concept.cluster;

/** A way to find clusters. Both are Tribuo's. */
public enum Clustering {
    /** So many centres as asked for, started by k-means++; every vector belongs to the nearest. */
    K_MEANS("k-means"),
    /**
     * Dense regions, as many as there are; what lies in none is noise.
     *
     * @see <a href="https://doi.org/10.1145/2733381">Campello et al. 2015</a>
     */
    HDBSCAN("HDBSCAN");

    private final String label;

    Clustering(String label) {
        this.label = label;
    }

    /** What it is called in pictures and tables. */
    public String label() {
        return label;
    }
}
