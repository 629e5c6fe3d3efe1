/**
 * Everything that a notebook cell can show, without knowing any notebook kernel: figures as data with a static picture
 * beside them, tables, token strips, cards and progress. What is displayed is plain Java data and owns no native memory.
 */
package microtome.display;
