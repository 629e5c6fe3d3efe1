/**
 * The backend on ND4J, for machines that have no native library of ours, and its arrays in and out. What ND4J computes
 * exactly as the operations ask it computes; the rest runs on the naive backend over the same memory.
 */
package microtome.tensor.nd4j;
