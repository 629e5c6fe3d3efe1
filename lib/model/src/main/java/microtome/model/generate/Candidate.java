package microtome.model.generate;

import microtome.model.token.Token;

/**
 * A token that could have been written.
 *
 * @param token which
 * @param logProbability its log probability in nats, by the model's own distribution: before temperature and filters
 */
public record Candidate(Token token, double logProbability) {}
