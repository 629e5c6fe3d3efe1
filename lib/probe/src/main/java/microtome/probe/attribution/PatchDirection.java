package microtome.probe.attribution;

/** Whose value goes into whose run. */
public enum PatchDirection {
    /** A value of the corrupt run goes into the clean one: what breaks the answer. */
    NOISING,
    /** A value of the clean run goes into the corrupt one: what restores the answer. */
    DENOISING
}
