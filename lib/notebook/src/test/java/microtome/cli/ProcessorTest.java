package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void onlyInstructionSetsThatOurKernelsUseAreNamed() {
        var processor =
                Processor.parse("processor\t: 0\nmodel name\t: A Chip\nflags\t\t: fpu avx2 avx512f avx512_bf16 sse\n");
        assertThat(processor).hasToString("A Chip: avx2 avx512f avx512_bf16");
    }

    @Test
    void aFlagIsAWholeWord() {
        assertThat(Processor.parse("flags : avx2x notavx512f\n").features()).isEmpty();
    }

    @Test
    void aTextOfAnotherKindOfProcessorNamesTheArchitecture() {
        assertThat(Processor.parse("")).hasToString(System.getProperty("os.arch"));
    }
}
