package microtome.tensor;

/** What cells of tests may call; public, as cells live in a package of their own. Stands for a library. */
public final class CellLibrary {
    private CellLibrary() {}

    /** The engine that cells use. */
    public static Engine engine() {
        return Engine.open("reference");
    }

    /** The place as an error would name it. */
    public static String place(boolean withCell) {
        return (withCell ? Caller.withCell() : Caller.ofEngine()).toString();
    }
}
