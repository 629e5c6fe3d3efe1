/** One file per family of models: how its files spell the configuration and the weights. */
package microtome.model.family;
