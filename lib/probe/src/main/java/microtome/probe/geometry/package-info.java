/**
 * The path that the residual stream takes through the layers: its length, speed, curvature, and how far each layer turns
 * it. {@link microtome.probe.geometry.TrajectoryGeometry} plans, its terminals compute.
 */
package microtome.probe.geometry;
