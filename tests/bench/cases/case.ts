/** Something to be measured, with its input ready. */
export type BenchCase = {
  /** Before each run, not measured. */
  prepare?(): Promise<void>
  /** One run over the whole input. @returns how many events it took in. */
  run(): number | Promise<number>
  close?(): Promise<void>
}

/** Makes a case of about so many events. Not measured. */
export type OpenCase = (events: number) => BenchCase | Promise<BenchCase>

/** One run: `cpuMs` over all threads of the process, garbage collection included. */
export type Sample = {
  readonly events: number
  readonly wallMs: number
  readonly cpuMs: number
  /** Most memory that the process ever had. */
  readonly peakBytes: number
  /** On the heap of JavaScript during the run, whether or not it was freed since. */
  readonly allocatedBytes: number
}
