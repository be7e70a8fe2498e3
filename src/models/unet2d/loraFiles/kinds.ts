/** Tensors that give a LoRA another meaning, or are none: reading the rest of such a file alone would be wrong. */
const KINDS: readonly [RegExp, string][] = [
  [/\.hada_(?:w[12]_[ab]|t[12])$/, 'a LoHa (Hadamard products)'],
  [/\.lokr_(?:w[12](?:_[ab])?|t[12])$/, 'a LoKr (Kronecker products)'],
  [/\.dora_scale$|\.lora_magnitude_vector(?:\..+)?$/, 'a DoRA (with magnitudes)'],
  [/[._]lora[._](?:A|B|down|up|mid)(?:\.[^.]+)?\.bias$/, 'a LoRA with biases'],
  [/\.diff(?:_b)?$/, 'whole differences of weights'],
  [/\.[wb]_norm$/, 'differences of normalizations'],
  [/\.[ab][12]\.weight$/, 'a GLoRA'],
  [/\.b?oft_\w+(?:\..+)?$/, 'an OFT (rotations)'],
  [/\.on_input$|\.ia3_l(?:\..+)?$/, 'an (IA)³'],
  [/\.lora_E(?:\..+)?$|\.ranknum(?:\..+)?$/, 'an AdaLoRA'],
  [/\.vera_lambda_[bd](?:\..+)?$/, 'a VeRA'],
  [/_custom_diffusion\./, 'weights of Custom Diffusion'],
  [/^lora_controlnet$/, 'a Control-LoRA'],
  [/\.(?:set|reshape)_weight$/, 'weights to put in place of others'],
];

/** What kind of adapter a tensor makes its file, in words, where it is none that can be read here. */
export function otherKind(name: string): string | undefined {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1];
}
