/** Files of a generator in diffusers' layout, with the frozen parts as ONNX beside it (as optimum exports them). */
export const GENERATOR_FILES = {
  unetConfig: 'unet/config.json',
  unetWeights: 'unet/diffusion_pytorch_model.safetensors',
  unetWeightsHalf: 'unet/diffusion_pytorch_model.fp16.safetensors',
  schedulerConfig: 'scheduler/scheduler_config.json',
  vaeConfig: 'vae/config.json',
  vaeEncoder: 'vae_encoder/model.onnx',
  vaeDecoder: 'vae_decoder/model.onnx',
  textEncoder: 'text_encoder/model.onnx',
  textConfig: 'text_encoder/config.json',
  textWeights: 'text_encoder/model.safetensors',
  textWeightsHalf: 'text_encoder/model.fp16.safetensors',
  tokenizer: 'tokenizer/tokenizer.json',
  tokenizerConfig: 'tokenizer/tokenizer_config.json',
  vocabulary: 'tokenizer/vocab.json',
  merges: 'tokenizer/merges.txt',
  captions: 'captions.json',
} as const;
