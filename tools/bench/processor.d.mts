interface CpuMs {
  own: number;
  all: number;
}
export function cpuMsOf(self: string, machine: string): CpuMs;
export function shareOfOthers(before: CpuMs, after: CpuMs, ms: number, cores: number): number;
