/**
 * Interventions as values: an {@link microtome.model.edit.Edit} says where in a pass what is put in place of a value. Edits are
 * attached to a run, never to a model; a {@link microtome.model.edit.RunPlan} is tokens with edits.
 */
package microtome.model.edit;
