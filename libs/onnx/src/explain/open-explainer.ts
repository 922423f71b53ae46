import { inspectModel } from '../inspect/inspect-model.js';
import { cannotExplain, type Explainer } from './explainer.js';
import { takeApart } from './graph-parts.js';
import { explanationKey, linearExplainer } from './linear-explainer.js';
import { treeExplainer, type LoadPart } from './tree-explainer.js';

const trees = ['TreeEnsembleClassifier', 'TreeEnsembleRegressor'];
const others = ['LinearClassifier', 'LinearRegressor', 'SVMClassifier', 'SVMRegressor', 'TreeEnsemble'];

/**
 * What explains a model's predictions: its own metadata where it is a linear model that was trained here, its trees where
 * it has one ensemble of them that knows how many training rows reached each node.
 * @param load for the part of the graph before the trees, where there is one; it has all of the model's inputs
 * @throws DomainError `unsupported` with the reason; `data_invalid` when the model is refused
 */
export const openExplainer = async (file: Uint8Array, load: LoadPart): Promise<Explainer> => {
  const { inputs, metadata } = inspectModel(file);
  const linear = metadata[explanationKey];
  if (linear !== undefined)
    return linearExplainer(
      linear,
      inputs.map(({ name }) => name),
    );
  const parts = takeApart(file);
  const models = parts.nodes.filter(({ op }) => trees.includes(op) || others.includes(op));
  const [node, second] = models;
  if (!node)
    return cannotExplain('it is neither a linear model that was trained here nor an ensemble of trees');
  if (second) return cannotExplain(`it has several models in it: ${node.op} and ${second.op}`);
  if (!trees.includes(node.op)) return cannotExplain(`${node.op} is not supported`);
  return treeExplainer(parts, node, load);
};
