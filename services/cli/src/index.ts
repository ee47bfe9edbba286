export { type Clock, systemClock } from './clock.ts'
export { type SimulationOptions, simulationLimits } from './simulate/options.ts'
export { type RunOptions, type RunOutcome, runSimulation } from './simulate/run.ts'
export { finishSimulation, type Simulation, simulate } from './simulate/simulate.ts'
