package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;

/** What every result must survive: becoming JSON and coming back. */
public final class RoundTrip {
    private RoundTrip() {}

    /** The result as it comes back from its JSON, after checking that it shows and says the same. */
    @SuppressWarnings("unchecked")
    public static <R extends ProbeResult<?>> R check(R result) {
        ProbeResult<?> back = ProbeResult.fromJson(result.json());
        assertThat(back.getClass()).isEqualTo(result.getClass());
        assertThat(back.table().plainText()).isEqualTo(result.table().plainText());
        assertThat(back.table().csv()).isEqualTo(result.table().csv());
        assertThat(back.explain()).isEqualTo(result.explain());
        assertThat(back.plot().tree().toString()).isEqualTo(result.plot().tree().toString());
        assertThat(back.json()).isEqualTo(result.json());
        return (R) back;
    }
}
