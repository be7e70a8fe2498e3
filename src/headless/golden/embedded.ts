import { loadEncoder } from '../../engine/encoderSlot.ts';
import { relativeError } from '../../images/relativeError.ts';
import { embeddedCheckpoint } from '../../models/weights/files/embedded.ts';
import type { Context } from '../../tensor/context.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';

/** `embedded/embedded.safetensors`: tokens of the encoder that is shipped with the page, to 1e-4 relative. */
export async function checkEmbedded(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const golden = await folder.tensors('embedded/embedded.safetensors');
  const files = await embeddedCheckpoint(new URL('.', location.href).href);
  const { encoder, release } = await loadEncoder(context, files, () => {});
  const input = golden.get('encoder_pixel_values')!;
  const output = context.scope(() =>
    encoder.forward(context.fromArray(input.values, input.shape, 'encoder_pixel_values')),
  );
  const values = await context.read(output);
  output.release();
  release();
  const error = relativeError(values, golden.get('encoder_last_hidden_state')!.values);
  return [{ name: 'embedded encoder_last_hidden_state', error, tolerance: 1e-4 }];
}
