"""Life without gradients: methods that only ask what a function is worth at a point, and what that costs.

Every method minimises f, a function of a vector that returns one number, and knows nothing else about it. An
*evaluation* is one call of f; the start counts. They all take

- `evaluations`: the budget, after which the search ends;
- `stop`: a threshold, the search ends at the first value that is no larger;
- `seed`: a whole number or a `numpy.random.Generator`; the same seed gives the same search,

and return a `Result`. A value of nan is worse than any number.
"""

from .checks import Function, Seed, Vector
from .critic import ActorCritic, Critic, actor_critic
from .differences import difference_descent, two_point_descent
from .direct import blind_search, coordinate_search, evolution_strategy, random_search
from .estimates import Categorical, Estimate, Gaussian, Policy, score_function
from .tasks import Balance, staircase
from .trials import Result

__all__ = [
    "ActorCritic", "Balance", "Categorical", "Critic", "Estimate", "Function", "Gaussian", "Policy", "Result", "Seed",
    "Vector", "actor_critic", "blind_search", "coordinate_search", "difference_descent", "evolution_strategy",
    "random_search", "score_function", "staircase", "two_point_descent",
]  # fmt: skip
