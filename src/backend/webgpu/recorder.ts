import { KernelError, OutOfMemoryError } from '../errors.ts';
import { HeldCommands } from './heldCommands.ts';
import type { Kernel } from './kernel.ts';
import type { Profiler } from './profiler.ts';

/** Number of workgroups in x, y and z. */
export type Grid = [x: number, y: number, z: number];

/** Bytes of the uniform buffer that the dispatches of one submission share. */
const UNIFORM_BYTES = 256 * 1024;

/** Dispatches after which a submission ends all the same, so that the GPU works on them while the next are recorded. */
const SLICE_DISPATCHES = 64;

/** Time that the work of one submission should take, in seconds: short enough for the watchdog and for the screen. */
const SLICE_SECONDS = 0.1;

/**
 * Records dispatches into few submissions. A submission ends when its work is estimated at a tenth of a second, after 64
 * dispatches, or when the caller asks. Uniforms of all its dispatches go up in one write; each
 * dispatch finds its own by a dynamic offset, so bind groups can be kept from step to step. What needs a kernel that is
 * still compiling waits for it, and everything after it too; callers notice nothing, since results are only read by waiting.
 */
export class Recorder {
  /** Dispatches, submissions and estimated floating-point operations so far, for benches and tests. */
  readonly counts = { dispatches: 0, submissions: 0, flops: 0 };
  /** Measures every dispatch while it is set; change it only right after `finish`. */
  profiler: Profiler | undefined;
  readonly #device: GPUDevice;
  readonly #uniformBuffer: GPUBuffer;
  readonly #uniforms = new DataView(new ArrayBuffer(UNIFORM_BYTES));
  readonly #alignment: number;
  readonly #bindGroups = new Map<string, GPUBindGroup>();
  readonly #held = new HeldCommands();
  readonly #bufferIds = new WeakMap<GPUBuffer, number>();
  #nextBufferId = 0;
  #uniformOffset = 0;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #pendingFlops = 0;
  #pendingDispatches = 0;
  #flopsSinceWait = 0;
  #waitStarted = 0;
  #flopsPerSecond = 1e9;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#alignment = device.limits.minUniformBufferOffsetAlignment;
    this.#uniformBuffer = device.createBuffer({
      label: 'uniforms',
      size: UNIFORM_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * Record one dispatch.
   * @param buffers storage buffers for bindings 1, 2, … of the kernel
   * @param params values for every field of its `struct Params`
   * @param flops estimate of its work, to end submissions by
   * @throws KernelError when bindings or uniforms do not fit; OutOfMemoryError when the grid is too large.
   */
  dispatch(
    kernel: Kernel,
    buffers: GPUBuffer[],
    params: Record<string, number>,
    grid: Grid,
    flops = 0,
  ): void {
    if (buffers.length !== kernel.access.length) {
      throw new KernelError(`${kernel.name} takes ${kernel.access.length} buffers, got ${buffers.length}`);
    }
    const limit = this.#device.limits.maxComputeWorkgroupsPerDimension;
    if (grid.some((count) => count > limit)) {
      throw new OutOfMemoryError(
        `${kernel.name}: grid ${grid.join('×')} exceeds ${limit} workgroups a dimension`,
      );
    }
    if (grid.some((count) => count === 0)) return;
    this.counts.dispatches++;
    this.counts.flops += flops;
    if (this.#held.empty && kernel.pipeline) this.#encode(kernel, buffers, params, grid, flops);
    else this.#held.hold(() => this.#encode(kernel, buffers, params, grid, flops), kernel);
  }

  /** Record a copy between buffers; offsets and size in bytes, multiples of four. */
  copy(
    source: GPUBuffer,
    sourceOffset: number,
    target: GPUBuffer,
    targetOffset: number,
    bytes: number,
  ): void {
    this.#inOrder(() => {
      this.#withoutPass().copyBufferToBuffer(source, sourceOffset, target, targetOffset, bytes);
    });
  }

  /** Record zeroing of a buffer's first `bytes`. */
  clear(target: GPUBuffer, bytes: number): void {
    this.#inOrder(() => this.#withoutPass().clearBuffer(target, 0, bytes));
  }

  /** Write from the CPU in order with what was recorded before. The caller may change `data` afterwards. */
  upload(target: GPUBuffer, data: ArrayBufferView<ArrayBuffer>, targetOffset = 0): void {
    const { buffer, byteOffset, byteLength } = data;
    const write = (bytes: ArrayBuffer, from: number): void => {
      this.#submit();
      this.#device.queue.writeBuffer(target, targetOffset, bytes, from, byteLength);
    };
    if (this.#held.empty) write(buffer, byteOffset);
    else {
      const copy = buffer.slice(byteOffset, byteOffset + byteLength);
      this.#held.hold(() => write(copy, 0));
    }
  }

  /** Destroy a buffer when what was recorded before, and may use it, is submitted. */
  destroy(buffer: GPUBuffer): void {
    this.#inOrder(() => {
      this.#submit();
      buffer.destroy();
    });
  }

  /** Submit what was recorded. */
  flush(): void {
    this.#inOrder(() => this.#submit());
  }

  #inOrder(command: () => void): void {
    if (this.#held.empty) command();
    else this.#held.hold(command);
  }

  /** The command encoder, outside of a compute pass. */
  #withoutPass(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder ??= this.#device.createCommandEncoder();
    return this.#encoder;
  }

  #encode(
    kernel: Kernel,
    buffers: GPUBuffer[],
    params: Record<string, number>,
    grid: Grid,
    flops: number,
  ): void {
    const uniformSize = Math.max(16, Math.ceil((kernel.uniforms.length * 4) / 16) * 16);
    if (this.#uniformOffset + uniformSize > UNIFORM_BYTES) this.#submit();

    if (this.profiler?.full) this.#submit();
    this.#encoder ??= this.#device.createCommandEncoder();
    if (this.profiler) this.#pass?.end();
    this.#pass = this.profiler
      ? this.#encoder.beginComputePass({ timestampWrites: this.profiler.next(kernel.name, flops) })
      : (this.#pass ?? this.#encoder.beginComputePass());
    this.#pass.setPipeline(kernel.pipeline!);
    const group = this.#bindGroup(kernel, buffers, uniformSize);
    if (kernel.uniforms.length) {
      this.#writeUniforms(kernel, params);
      this.#pass.setBindGroup(0, group, [this.#uniformOffset]);
      this.#uniformOffset += Math.ceil(uniformSize / this.#alignment) * this.#alignment;
    } else {
      this.#pass.setBindGroup(0, group);
    }
    this.#pass.dispatchWorkgroups(...grid);
    this.#pendingFlops += flops;
    this.#pendingDispatches++;
    if (
      this.#pendingFlops > this.#flopsPerSecond * SLICE_SECONDS ||
      this.#pendingDispatches >= SLICE_DISPATCHES
    )
      this.#submit();
  }

  #submit(): void {
    this.#pass?.end();
    this.#pass = undefined;
    if (!this.#encoder) return;
    if (this.#uniformOffset > 0) {
      this.#device.queue.writeBuffer(this.#uniformBuffer, 0, this.#uniforms.buffer, 0, this.#uniformOffset);
    }
    if (this.#flopsSinceWait === 0) this.#waitStarted = performance.now();
    const readTimes = this.profiler?.resolve(this.#encoder);
    this.#device.queue.submit([this.#encoder.finish()]);
    readTimes?.();
    this.#encoder = undefined;
    this.#uniformOffset = 0;
    this.#flopsSinceWait += this.#pendingFlops;
    this.#pendingFlops = 0;
    this.#pendingDispatches = 0;
    this.counts.submissions++;
  }

  /**
   * Submit and wait until the GPU is done; also learns how fast this adapter is, to size the next submissions.
   * @throws what kept a kernel from compiling
   */
  async finish(): Promise<void> {
    this.flush();
    await this.#held.drained();
    const flops = this.#flopsSinceWait;
    await this.#device.queue.onSubmittedWorkDone();
    const seconds = (performance.now() - this.#waitStarted) / 1000;
    this.#flopsSinceWait = 0;
    if (flops > 1e7 && seconds > 1e-3) {
      this.#flopsPerSecond = 0.5 * this.#flopsPerSecond + 0.5 * (flops / seconds);
    }
  }

  /**
   * Read `bytes` of a buffer back to the CPU.
   * @throws what kept a kernel from compiling
   */
  async read(source: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const staging = this.#device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      this.copy(source, 0, staging, 0, bytes);
      this.flush();
      await this.#held.drained();
      await staging.mapAsync(GPUMapMode.READ);
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  }

  /** Forget the bind groups (their buffers were destroyed). */
  dropBindGroups(): void {
    this.#bindGroups.clear();
  }

  #writeUniforms(kernel: Kernel, params: Record<string, number>): void {
    let offset = this.#uniformOffset;
    for (const { name, type } of kernel.uniforms) {
      const value = params[name];
      if (value === undefined) throw new KernelError(`${kernel.name}: no value for params.${name}`);
      if (type === 'f32') this.#uniforms.setFloat32(offset, value, true);
      else if (type === 'i32') this.#uniforms.setInt32(offset, value, true);
      else this.#uniforms.setUint32(offset, value, true);
      offset += 4;
    }
  }

  #bindGroup(kernel: Kernel, buffers: GPUBuffer[], uniformSize: number): GPUBindGroup {
    let key = `${kernel.id}`;
    for (const buffer of buffers) key += `,${this.#bufferId(buffer)}`;
    const known = this.#bindGroups.get(key);
    if (known) return known;
    const group = this.#device.createBindGroup({
      layout: kernel.layout,
      entries: [
        ...(kernel.uniforms.length
          ? [{ binding: 0, resource: { buffer: this.#uniformBuffer, size: uniformSize } }]
          : []),
        ...buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
    // A run repeats the same few thousand groups each step; past that, forgetting them all is cheaper than tracking use.
    if (this.#bindGroups.size > 20_000) this.#bindGroups.clear();
    this.#bindGroups.set(key, group);
    return group;
  }

  #bufferId(buffer: GPUBuffer): number {
    let id = this.#bufferIds.get(buffer);
    if (id === undefined) {
      id = this.#nextBufferId++;
      this.#bufferIds.set(buffer, id);
    }
    return id;
  }
}
