/** What measured geometry is compared with: labels and layers dealt by chance, noise of equal moments, fewer dimensions. */
package microtome.probe.geometry.control;
