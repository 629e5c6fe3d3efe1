package microtome.model;

import java.util.List;

/**
 * What the models of {@link ArchOneTest} compute, in double precision.
 *
 * @param up the token whose logit minus that of {@code down}, at the last position, gradients are of
 * @param lastLogits at the last position
 * @param embedding the first three elements of {@code residual.0} at the last position
 * @param afterFirstBlock the same of {@code residual.1}
 * @param firstLogits the first three at the first position
 * @param full for every position the sum of the sizes of the gradient with respect to {@code residual.0}
 * @param fullTimesValue for every position the gradient times the value
 * @param frozen the same with parts held
 */
record ArchOneGoldens(
        String family,
        int up,
        int down,
        float[] lastLogits,
        float[] embedding,
        float[] afterFirstBlock,
        float[] firstLogits,
        float[] full,
        float[] fullTimesValue,
        float[] frozen,
        float[] frozenTimesValue) {

    static final List<ArchOneGoldens> ALL = List.of(
            new ArchOneGoldens(
                    "gpt2",
                    2,
                    5,
                    floats(
                            -0.571576, 0.194957, 1.925603, -0.384269, 0.714675, 1.197694, 0.165155, 0.157338, 0.197521,
                            -0.779367, -1.590340),
                    floats(-0.826012, -0.579833, 0.260498),
                    floats(-1.574601, -0.691012, 0.746488),
                    floats(0.578835, -0.619093, -1.703523),
                    floats(0.256293, 0.479664, 0.111052, 0.193615, 1.062775),
                    floats(-0.049258, -0.004228, 0.036347, 0.019600, 0.148493),
                    floats(0.470770, 0.458753, 0.320789, 0.358355, 1.633184),
                    floats(0.099616, -0.002976, 0.047430, 0.085389, 0.595624)),
            new ArchOneGoldens(
                    "llama",
                    2,
                    8,
                    floats(
                            -0.187935, -1.129245, 1.927814, -1.077255, 0.075169, 0.578779, -0.466086, 1.049117,
                            1.351565, -0.056104, -2.175996),
                    floats(-0.430757, -0.196486, 0.399676),
                    floats(-0.567413, -0.313331, 0.262618),
                    floats(-0.230626, 1.758208, -0.519880),
                    floats(7.123852, 10.731751, 4.090280, 3.545737, 10.368433),
                    floats(-0.277215, -0.847754, -0.381687, -0.089733, 0.554823),
                    floats(2.153428, 2.150291, 1.261917, 1.536962, 4.709056),
                    floats(-0.273210, 0.038875, -0.181500, 0.136234, 1.053974)),
            new ArchOneGoldens(
                    "qwen2",
                    2,
                    5,
                    floats(
                            -0.814363, -0.085452, 2.101452, -1.331657, -0.879473, 1.210783, -0.146987, -0.356898,
                            0.307571, 0.363127, -2.457168),
                    floats(-0.430757, -0.196486, 0.399676),
                    floats(-0.385308, -0.177913, 0.617658),
                    floats(0.694925, 0.673809, -0.896090),
                    floats(7.468326, 2.766145, 2.623145, 2.171578, 4.620637),
                    floats(-0.052437, 0.193284, -0.152084, 0.063279, 0.765368),
                    floats(6.313033, 2.211819, 1.316034, 1.241518, 2.578625),
                    floats(0.084418, -0.009760, 0.036328, -0.154780, 0.574650)),
            new ArchOneGoldens(
                    "qwen3",
                    2,
                    5,
                    floats(
                            -0.856717, -0.215474, 2.016281, -1.420316, 0.297058, 1.035948, -0.056966, -0.019545,
                            0.730574, 0.082238, -1.915245),
                    floats(-0.430757, -0.196486, 0.399676),
                    floats(-0.365564, 0.152277, 0.493344),
                    floats(-0.509515, 0.708621, 1.016715),
                    floats(2.300399, 5.502264, 2.698285, 9.999408, 4.521964),
                    floats(-0.026719, -0.176851, 0.006841, -0.020981, 0.106257),
                    floats(4.009144, 3.830714, 1.553539, 1.613132, 3.091784),
                    floats(0.543264, -0.080247, 0.177230, -0.344681, 0.531087)),
            new ArchOneGoldens(
                    "gemma2",
                    3,
                    7,
                    floats(
                            -0.460442, -1.546667, -0.025515, 1.290490, -0.063267, -0.130749, 0.019261, 0.720990,
                            -0.167128, -0.371749, -0.236579),
                    floats(-1.218365, -0.555747, 1.130454),
                    floats(-2.180850, -3.916653, -0.912508),
                    floats(0.650674, 1.217617, -1.832709),
                    floats(0.524938, 0.905149, 2.848841, 3.330008, 4.941537),
                    floats(0.079802, -0.162167, -0.144691, 0.088334, 0.175522),
                    floats(0.213520, 0.378254, 0.755014, 0.866456, 0.910110),
                    floats(0.068982, 0.032566, 0.405964, 0.064903, -0.889643)),
            new ArchOneGoldens(
                    "gemma3",
                    8,
                    2,
                    floats(
                            -0.245623, 0.066239, 0.178159, -0.787998, 0.127800, -0.329818, 0.140000, -0.035108,
                            1.321790, -0.641718, -0.130840),
                    floats(-1.218365, -0.555747, 1.130454),
                    floats(-1.617420, 1.460852, -0.359674),
                    floats(0.300417, 0.926398, -0.189615),
                    floats(0.995991, 1.534329, 3.231389, 6.405457, 6.273407),
                    floats(0.074416, 0.150937, 0.105585, -0.190343, -0.606919),
                    floats(0.706097, 0.586943, 0.291883, 0.639557, 0.989286),
                    floats(0.308577, 0.085406, 0.165609, 0.077290, -0.797913)));

    private static float[] floats(double... values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Override
    public String toString() {
        return family;
    }
}
