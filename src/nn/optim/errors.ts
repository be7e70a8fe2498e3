/** A trainable tensor got no gradient: it did not take part in the loss, or no backward pass was run. */
export class MissingGradientError extends Error {
  override name = 'MissingGradientError';
}

/** A saved optimizer state does not fit the parameters; the message names the parameter. */
export class OptimizerStateError extends Error {
  override name = 'OptimizerStateError';
}
