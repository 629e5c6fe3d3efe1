package microtome.model;

import java.util.List;
import microtome.model.Site.Kind;
import microtome.model.config.ModelConfig;
import microtome.tensor.AttentionParts;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/**
 * The computation of a pre-norm decoder with rotary attention and gated MLPs, over weights that are on the engine.
 * Everything is {@code [sequences, positions, ...]}. Sites are offered to the step as they come up; where nobody listens
 * the fused lane is taken.
 */
final class Decoder {

    /** A root-mean-square norm. */
    record Norm(Tensor gain, float epsilon) {

        Tensor apply(Tensor stream, DType output) {
            return Layers.rmsNorm(stream, gain, epsilon, output);
        }

        /** The denominator {@code sqrt(mean(x^2) + epsilon)}, {@code [sequences, positions, 1]}. */
        Tensor scale(Tensor stream) {
            return stream.times(stream).mean(-1).plus(epsilon).sqrt();
        }

        /** The same norm through its denominator, so that a tap may look at it or replace it. */
        Tensor apply(Tensor stream, DType output, Step step, Site scale) {
            if (!step.wants(scale)) {
                return apply(stream, output);
            }
            return stream.dividedBy(step.at(scale, scale(stream))).times(gain).cast(output);
        }
    }

    /** Projections stored {@code [outputs, inputs]}. */
    record Attention(Norm norm, Tensor query, Tensor key, Tensor value, Tensor projection) {}

    /** Projections stored {@code [outputs, inputs]}. */
    record Mlp(Norm norm, Tensor gate, Tensor up, Tensor down) {}

    /** One block. */
    record Block(Attention attention, Mlp mlp) {}

    private final ModelConfig config;
    private final DType type;
    private final List<Block> blocks;
    private final Norm finalNorm;

    Decoder(ModelConfig config, Precision precision, List<Block> blocks, Norm finalNorm) {
        this.config = config;
        this.type = precision.type();
        this.blocks = List.copyOf(blocks);
        this.finalNorm = finalNorm;
    }

    /** The stream after one more block. */
    Tensor block(int index, Tensor stream, Step step) {
        Tensor middle = step.at(new Site(Kind.RESIDUAL_MIDDLE, index), attend(index, stream, step));
        return step.endsInAttention(index) ? middle : think(index, middle, step);
    }

    /** The final norm of any stream {@code [..., width]}, in the type that the unembedding reads. */
    Tensor finalNorm(Tensor stream, DType output) {
        return finalNorm.apply(stream, output);
    }

    Tensor finalNorm(Tensor stream, Step step) {
        return finalNorm.apply(stream, DType.F32, step, new Site(Kind.FINAL_NORM_SCALE, 0));
    }

    private Tensor attend(int index, Tensor stream, Step step) {
        Attention weights = blocks.get(index).attention();
        var site = new At(index);
        Tensor input = step.at(
                site.of(Kind.ATTENTION_INPUT),
                weights.norm().apply(stream, type, step, site.of(Kind.ATTENTION_NORM_SCALE)));
        Tensor query = perHead(site.of(Kind.QUERY), Layers.linear(input, weights.query(), null, type), step);
        Tensor key = perHead(site.of(Kind.KEY), Layers.linear(input, weights.key(), null, type), step);
        Tensor value = perHead(site.of(Kind.VALUE), Layers.linear(input, weights.value(), null, type), step);
        Tensor turnedQuery = perHead(site.of(Kind.ROTATED_QUERY), step.rotate(query, config.heads()), step);
        Tensor turnedKey = perHead(site.of(Kind.ROTATED_KEY), step.rotate(key, config.keyValueHeads()), step);
        Past.Heard heard = step.heard(index, turnedKey, value);
        Tensor mixed =
                perHead(site.of(Kind.HEAD_OUTPUT), heard.part(mix(site, heard.join(turnedQuery), heard, step)), step);
        return add(site.of(Kind.ATTENTION_OUTPUT), stream, mixed, weights.projection(), step);
    }

    /** Attention of queries to what is heard, both joined in the same way. */
    private Tensor mix(At site, Tensor query, Past.Heard heard, Step step) {
        float scale = (float) (1 / Math.sqrt(config.headWidth()));
        int heads = heard.joined() * config.heads();
        int keyHeads = heard.joined() * config.keyValueHeads();
        Site scores = site.of(Kind.SCORES);
        Site pattern = site.of(Kind.PATTERN);
        if (!step.wants(scores) && !step.wants(pattern)) {
            return Layers.attention(query, heard.key(), heard.value(), heads, keyHeads, scale);
        }
        Tensor weights = step.wants(scores)
                ? step.at(scores, byHead(AttentionParts.scores(query, heard.key(), heads, keyHeads, scale)))
                        .softmax(-1)
                : byHead(AttentionParts.pattern(query, heard.key(), heads, keyHeads, scale));
        Tensor joined = step.at(pattern, weights).reshape(-1, heads, weights.extent(2), weights.extent(3));
        return AttentionParts.mix(joined, heard.value(), keyHeads);
    }

    /** {@code [sequences, heads, queries, keys]}, however the sequences were joined. */
    private Tensor byHead(Tensor scores) {
        return scores.reshape(-1, config.heads(), scores.extent(2), scores.extent(3));
    }

    private Tensor think(int index, Tensor stream, Step step) {
        Mlp weights = blocks.get(index).mlp();
        var site = new At(index);
        Tensor input = step.at(
                site.of(Kind.MLP_INPUT), weights.norm().apply(stream, type, step, site.of(Kind.MLP_NORM_SCALE)));
        Tensor gate = step.at(site.of(Kind.MLP_PRE_ACTIVATION), Layers.linear(input, weights.gate(), null, type));
        Tensor up = step.at(site.of(Kind.MLP_UP), Layers.linear(input, weights.up(), null, type));
        Tensor neurons =
                step.at(site.of(Kind.MLP_ACTIVATION), Layers.gatedActivation(Op.Activation.SILU, gate, up, type));
        return add(site.of(Kind.MLP_OUTPUT), stream, neurons, weights.down(), step);
    }

    /** stream + values x weight; the sum is part of the product unless somebody wants to see what is added. */
    private Tensor add(Site site, Tensor stream, Tensor values, Tensor weight, Step step) {
        if (!step.wants(site)) {
            return Layers.linear(values, weight, stream, DType.F32);
        }
        return stream.plus(step.at(site, Layers.linear(values, weight, null, DType.F32)));
    }

    /** Offers {@code [sequences, positions, heads * headWidth]} to a tap as {@code [..., heads, headWidth]}. */
    private Tensor perHead(Site site, Tensor flat, Step step) {
        if (!step.wants(site)) {
            return flat;
        }
        long sequences = flat.extent(0);
        long positions = flat.extent(1);
        long heads = flat.extent(2) / config.headWidth();
        Tensor split = flat.reshape(sequences, positions, heads, config.headWidth());
        return step.at(site, split).reshape(sequences, positions, flat.extent(2));
    }

    private record At(int block) {
        Site of(Kind kind) {
            return new Site(kind, block);
        }
    }
}
