import { embeddedGenerator } from '../../diffusion/generator/files.ts';
import { loadGenerator } from '../../diffusion/generator/load.ts';
import { encodePrompts } from '../../diffusion/generator/textStates.ts';
import { decodeLatents, encodeImages, channelsLast as pixelsFirst } from '../../diffusion/generator/vae.ts';
import { relativeError } from '../../images/relativeError.ts';
import { parseIntegerTensors } from '../../models/weights/safetensors/parse.ts';
import type { Context } from '../../tensor/context.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';
import { channelsLast } from './unet.ts';

const FILE = 'embedded/embedded.safetensors';

/** `embedded/`: prompts to ids and text states, the UNet, and images to latents and back, of the shipped generator. */
export async function checkGenerator(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const golden = await folder.tensors(FILE);
  const integers = parseIntegerTensors(await folder.bytes(FILE), FILE);
  const { prompts } = (await folder.json('embedded/prompts.json')) as { prompts: string[] };
  const generator = await loadGenerator(
    context,
    embeddedGenerator(new URL('.', location.href).href),
    () => {},
  );
  const checks: GoldenCheck[] = [];
  const compare = (
    name: string,
    values: Float32Array,
    tolerance: number,
    expected = golden.get(name)!.values,
  ) => checks.push({ name: `embedded ${name}`, error: relativeError(values, expected), tolerance });

  const ids = prompts.flatMap((prompt) => generator.tokenizer.encode(prompt));
  const expectedIds = Float32Array.from(integers.get('input_ids')!.values as Int32Array);
  compare('input_ids', Float32Array.from(ids), 0, expectedIds);
  const states = await encodePrompts(generator, prompts);
  compare('text_hidden', states.values, 1e-4);
  const textModel = await generator.textModel();
  const differentiable = textModel.forward(prompts.map((prompt) => generator.tokenizer.encode(prompt)));
  const name = 'text_hidden';
  const error = relativeError(await context.read(differentiable), golden.get(name)!.values);
  checks.push({ name: 'embedded text_hidden by our own text encoder', error, tolerance: 1e-4 });
  differentiable.release();

  const upload = (values: Float32Array<ArrayBufferLike>, shape: readonly number[]) =>
    context.fromArray(values, shape);
  const sample = channelsLast(golden.get('unet_sample')!);
  const output = context.scope(() => {
    // The golden pairs its two latents with the first two prompts.
    const text = upload(states.values.slice(0, (2 * states.values.length) / prompts.length), [
      2,
      ...states.shape.slice(1),
    ]);
    return generator.unet.forward({
      sample: upload(sample.values, sample.shape),
      timesteps: [...golden.get('unet_timestep')!.values],
      text,
    });
  });
  compare('unet_out', await context.read(output), 1e-4, channelsLast(golden.get('unet_out')!).values);
  output.release();

  const image = golden.get('image')!;
  const { scalingFactor } = generator;
  const shape = image.shape as [number, number, number, number];
  const latents = await encodeImages(generator.vaeEncoder, { values: image.values, shape }, scalingFactor);
  const mean = golden.get('latent_mean')!;
  const [, channels, height, width] = mean.shape as [number, number, number, number];
  const expected = pixelsFirst(mean.values, channels, height * width);
  compare(
    'latent_mean',
    latents.values.map((value) => value / scalingFactor),
    1e-4,
    expected,
  );
  const back = await decodeLatents(generator.vaeDecoder, latents, scalingFactor);
  compare('reconstruction', back.values, 1e-4);
  generator.release();
  // The text encoder goes a moment later.
  await generator.textModel().catch(() => {});
  return checks;
}
