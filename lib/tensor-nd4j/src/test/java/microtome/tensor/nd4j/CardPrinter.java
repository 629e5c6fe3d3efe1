package microtome.tensor.nd4j;

import microtome.Microtome;

/** Prints the card of a model on the best backend here. */
final class CardPrinter {
    private CardPrinter() {}

    /** Takes the model's folder. */
    public static void main(String[] arguments) {
        var model = Microtome.load(arguments[0]);
        System.out.println("backend " + model.languageModel().engine().device().backend());
        model.languageModel().engine().notes().forEach(note -> System.out.println("note: " + note));
        System.out.println(model.card());
    }
}
