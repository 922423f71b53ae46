import { join } from 'node:path';

export interface PeerSpec {
  title: string;
  how: string;
  /** Its folder below .millrace/bench. Those that share one have the same packages. */
  folder: string;
  packages: string[];
  /** The first of them is the version that is shown. */
  command(python: string, port: number): string[];
  /** Serves the trees as well as the MLP. */
  trees?: boolean;
  env?: Record<string, string>;
}

const runtime = ['numpy==2.4.6', 'onnxruntime==1.32.0'];
const fastapi = {
  folder: 'fastapi',
  packages: ['fastapi==0.165.0', 'uvicorn[standard]==0.54.0', 'orjson==3.13.0', ...runtime],
  trees: true,
};
const uvicorn =
  (app: string, ...options: string[]) =>
  (python: string, port: number) => [
    ...[python, '-m', 'uvicorn', `${app}:app`, '--port', String(port)],
    ...options,
  ];

export const lean: PeerSpec = {
  title: 'lean FastAPI',
  how: 'orjson, uvloop, httptools, bytes of the body, no access log, 2 uvicorn workers',
  ...fastapi,
  command: uvicorn(
    'fastapi_lean',
    ...[
      '--workers',
      '2',
      '--loop',
      'uvloop',
      '--http',
      'httptools',
      '--no-access-log',
      '--log-level',
      'warning',
    ],
  ),
};

export const typical: PeerSpec = {
  title: 'typical FastAPI',
  how: 'Pydantic models in and out, async handler, uvicorn as it is by default, 1 worker',
  ...fastapi,
  command: uvicorn('fastapi_typical'),
};

export const typicalOfTwo: PeerSpec = {
  ...typical,
  title: 'typical FastAPI × 2',
  how: 'the same with 2 workers',
  command: uvicorn('fastapi_typical', '--workers', '2'),
};

const script = (name: string) => (python: string) => [python, join(import.meta.dirname, `${name}.py`)];

/** Servers of models, each as its documentation sets up a small model for speed, with two workers. */
export const servers: PeerSpec[] = [
  {
    title: 'mosec',
    how: '2 workers, orjson, batches of up to 32 that wait at most 1 ms',
    folder: 'mosec',
    packages: ['mosec==0.9.8', 'orjson==3.13.0', ...runtime],
    command: (python, port) => [
      ...script('mosec_server')(python),
      '--port',
      String(port),
      '--log-level',
      'warning',
    ],
  },
  {
    title: 'LitServe',
    how: '2 workers, fast queue (ZeroMQ), no access log',
    folder: 'litserve',
    packages: ['litserve==0.2.19', ...runtime],
    command: script('litserve_server'),
  },
  {
    title: 'MLServer',
    how: 'custom runtime with its NumPy codec, 2 parallel workers',
    folder: 'mlserver',
    // Its workers ask for an event loop in a way that later versions of uvloop refuse.
    packages: ['mlserver==1.7.1', 'uvloop==0.21.0', ...runtime],
    command: (python) => [join(python, '../mlserver'), 'start', '.'],
  },
  {
    title: 'BentoML',
    how: 'service with 2 workers, Pydantic tensors in, no access log',
    folder: 'bentoml',
    packages: ['bentoml==1.4.40', ...runtime],
    command: (python, port) => [
      ...[join(python, '../bentoml'), 'serve', 'bentoml_service:Mlp'],
      ...['--working-dir', import.meta.dirname, '--host', '127.0.0.1', '--port', String(port)],
    ],
    env: { BENTOML_DO_NOT_TRACK: 'True' },
  },
  {
    title: 'Ray Serve',
    how: '2 replicas behind its proxy, orjson, no access log',
    folder: 'ray',
    packages: ['ray[serve]==2.60.0', 'orjson==3.13.0', ...runtime],
    command: script('ray_server'),
    env: { RAY_USAGE_STATS_ENABLED: '0' },
  },
];
