package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * One operation that a peer does too.
 *
 * @param name for the report
 * @param kind what {@code operations.py} calls it
 * @param type of the values
 * @param numbers extents, by the names of {@code operations.py}
 * @param bound how many times faster than the peer ours shall be; NaN for no promise
 * @param job makes the inputs on an engine
 */
record OperationCase(
        String name, String kind, DType type, Map<String, Integer> numbers, double bound, Function<Engine, Job> job) {

    /**
     * Our side of a case, ready to run.
     *
     * @param terms how many terms a value of the result is summed from
     * @param checked the rows of the result that the peer computes in double precision; empty for all
     * @param run one call, by its number
     */
    record Job(long terms, List<Integer> checked, IntFunction<Tensor> run) {

        static Job of(long terms, IntFunction<Tensor> run) {
            return new Job(terms, List.of(), run);
        }

        /** Seconds of one call, of each of so many bursts: calls in a row that are waited for together. */
        double[] seconds(Engine engine, int bursts, int calls) {
            var seconds = new double[bursts];
            for (int burst = 0; burst < bursts; burst++) {
                engine.synchronize();
                long began = System.nanoTime();
                for (int call = 0; call < calls; call++) {
                    run.apply(burst * calls + call).close();
                }
                engine.synchronize();
                seconds[burst] = (System.nanoTime() - began) / 1e9 / calls;
            }
            return seconds;
        }
    }

    /** The bytes of the weight, which one row reads as fast as memory gives them; 0 where that is not the limit. */
    long bytes() {
        boolean oneRow = Integer.valueOf(1).equals(numbers.get("rows"));
        return oneRow ? type.bytes(numbers.get("inputs").longValue() * numbers.get("outputs")) : 0;
    }

    Map<String, Object> request(String expected) {
        var request = new LinkedHashMap<String, Object>();
        request.put("do", "prepare");
        request.put("kind", kind);
        request.put("dtype", type == DType.F32 ? "f32" : "bf16");
        request.putAll(numbers);
        request.put("expected", expected);
        return request;
    }

    /**
     * How far a result may be from the right one, relative to the largest value: sums of n terms err by about sqrt(n)
     * roundings, exponentials by five, and a BF16 pattern or gain by one of its own besides the result's.
     */
    double tolerance(long terms) {
        double ofF32 = Math.scalb(1.0, -23) * (5 + Math.sqrt(terms));
        return type == DType.F32 ? ofF32 : ofF32 + 2 * Math.scalb(1.0, -8);
    }
}
