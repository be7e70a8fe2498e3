"""Writes optimizers.json: weights after each of four steps of PyTorch's Adam and AdamW on fixed gradients, and clipped gradients."""
import json, os, torch

torch.manual_seed(7)
SHAPES = {'query.A': [4, 9], 'query.B': [7, 4], 'key.B': [5], 'value.B': [3, 6], 'output.A': [1]}
STEPS = 4
init = {name: torch.randn(shape) for name, shape in SHAPES.items()}
# Sizes from 1e-6 to 1: eps matters for the small ones.
grads = [{name: torch.randn(shape) * 10.0 ** torch.randint(-6, 1, shape) for name, shape in SHAPES.items()} for _ in range(STEPS)]
CASES = {
    'Adam, the paper': dict(cls='Adam', lr=3e-4, betas=(0.5, 0.999)),
    'Adam, weight decay': dict(cls='Adam', lr=3e-3, weight_decay=0.1),
    'AdamW, defaults': dict(cls='AdamW', lr=1e-3),
    'AdamW, strong decay': dict(cls='AdamW', lr=2e-2, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.3),
    'AdamW, clipped': dict(cls='AdamW', lr=2e-3, weight_decay=1e-2, max_norm=1.0),
}


def flat(tensors):
    return {name: [float(value) for value in tensor.detach().flatten()] for name, tensor in tensors.items()}


cases = []
for name, case in CASES.items():
    options = dict(case)
    cls, max_norm = getattr(torch.optim, options.pop('cls')), options.pop('max_norm', None)
    parameters = {key: torch.nn.Parameter(value.clone()) for key, value in init.items()}
    optimizer = cls(parameters.values(), **options)
    after, norms = [], []
    for gradients in grads:
        for key, parameter in parameters.items():
            parameter.grad = gradients[key].clone()
        if max_norm:
            norms.append(float(torch.nn.utils.clip_grad_norm_(parameters.values(), max_norm)))
        optimizer.step()
        after.append(flat(parameters))
    cases.append(dict(name=name, **case, norms=norms, after=after))
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'optimizers.json')
with open(path, 'w') as file:
    json.dump(dict(source=f'optimizers.py, PyTorch {torch.__version__}', shapes=SHAPES, init=flat(init), grads=[flat(g) for g in grads], cases=cases), file)
print(os.path.getsize(path), 'bytes')
