package microtome.model.edit;

/** Anything that stands for the run of a prompt, with the edits that belong to it. */
public interface Planned {
    /** Which tokens, which model, which edits. */
    RunPlan plan();
}
