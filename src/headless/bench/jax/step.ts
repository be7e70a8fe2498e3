import type * as Jax from '@jax-js/jax';
import { randomLora } from '../adapter.ts';
import { type HostEncoder, randomPixels } from '../encoders.ts';
import { ADAM, LOSS_STEPS } from '../familiar.ts';
import type { Timing } from '../report.ts';
import { type TimingOptions, timeRuns } from '../timing.ts';
import { jaxLoss } from './model.ts';
import { type JaxLora, type JaxWeights, jaxLora, jaxWeights } from './weights.ts';

/** Weights that are trained, with Adam's moments. */
type State = { lora: JaxLora[]; first: JaxLora[]; second: JaxLora[] };

/** What jax-js may compute on; its WebAssembly takes as many threads as the machine has cores. */
export type JaxDevice = 'webgpu' | 'wasm';

/** jax-js from the folder that the bench serves beside the app, on one of its devices from now on. */
export async function loadJax(baseUrl: string, device: JaxDevice): Promise<typeof Jax> {
  const jax: typeof Jax = await import(/* @vite-ignore */ `${baseUrl}jax/index.js`);
  const devices = await jax.init(device);
  if (!devices.includes(device)) throw new Error(`jax-js found no device for ${device}`);
  jax.defaultDevice(device);
  return jax;
}

/** Time of the same training step as `stepFamiliar`, in jax-js, one `jit` for loss, gradients and Adam. */
export async function stepJax(
  jax: typeof Jax,
  host: HostEncoder,
  images: number,
  options?: TimingOptions,
): Promise<Timing & { losses: number[] }> {
  const { numpy: np, tree } = jax;
  const { config } = host;
  const side = host.preprocess.cropWidth;
  const gradient = jax.valueAndGrad(jaxLoss(jax, config));
  const [beta1, beta2] = ADAM.betas;

  const step = jax.jit(
    (
      state: State,
      weights: JaxWeights,
      pixels: Jax.Array,
      stepSize: Jax.Array,
      denominatorScale: Jax.Array,
    ) => {
      const [loss, gradients] = gradient(tree.ref(state.lora), weights, pixels) as [Jax.Array, JaxLora[]];
      const updated = gradients.map((layer, i) => {
        const one = (key: 'a' | 'b') => {
          const g = layer[key];
          const m = state.first[i]![key].mul(beta1).add(g.ref.mul(1 - beta1));
          const v = state.second[i]![key].mul(beta2).add(np.square(g).mul(1 - beta2));
          const root = np.sqrt(v.ref).mul(denominatorScale.ref).add(ADAM.eps);
          const change = m.ref.mul(stepSize.ref).mul(np.reciprocal(root));
          return { w: state.lora[i]![key].sub(change), m, v };
        };
        return { a: one('a'), b: one('b') };
      });
      const pick = (kind: 'w' | 'm' | 'v'): JaxLora[] =>
        updated.map(({ a, b }) => ({ a: a[kind], b: b[kind] }));
      stepSize.dispose();
      denominatorScale.dispose();
      return { loss, state: { lora: pick('w'), first: pick('m'), second: pick('v') } };
    },
  );

  const weights = jaxWeights(jax, host);
  const pixels = np.array(randomPixels(images, side)).reshape([images, 3, side, side]);
  const lora = jaxLora(jax, randomLora(config), config.width);
  const zeros = () => lora.map(({ a, b }) => ({ a: np.zeros(a.shape), b: np.zeros(b.shape) }));
  let state: State = { lora, first: zeros(), second: zeros() };
  await jax.blockUntilReady([state, weights, pixels]);
  let steps = 0;
  const run = async (): Promise<Jax.Array> => {
    steps++;
    const result = step(
      state,
      tree.ref(weights),
      pixels.ref,
      np.array([ADAM.learningRate / (1 - beta1 ** steps)]),
      np.array([1 / Math.sqrt(1 - beta2 ** steps)]),
    ) as { loss: Jax.Array; state: State };
    state = result.state;
    await jax.blockUntilReady(result);
    return result.loss;
  };
  try {
    const losses: number[] = [];
    const timing = await timeRuns(
      async () => {
        const loss = await run();
        if (losses.length < LOSS_STEPS) losses.push((await loss.data())[0]!);
        else loss.dispose();
      },
      options,
      LOSS_STEPS,
    );
    return { ...timing, losses };
  } finally {
    tree.dispose(state);
    tree.dispose(weights);
    pixels.dispose();
    step.dispose();
  }
}
