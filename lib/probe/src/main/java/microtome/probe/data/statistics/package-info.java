/** Tests, intervals and effect sizes; Apache Commons Statistics computes, and what it lacks is here. */
package microtome.probe.data.statistics;
