/**
 * Language models: configuration, weights, internal values by name ({@link microtome.model.Site}), and passes that read
 * or change them. Knows no probe and no backend.
 */
package microtome.model;
