//! Operators (`src/backend/parser/parse_oper.c`).

use super::{Analyzer, Typed};
use crate::catalog::{CastContext, OperatorEntry, TypeId};
use crate::model::{Constant, Expr, Name, NormalRule, Operation};

/// The constant that `- 1` is. A dump prints the operator over a constant as it prints a
/// negative number that is no string, and the grammar makes a constant of that when it is
/// restored (`doNegate`, `src/backend/parser/gram.y`; `get_const_expr`,
/// `src/backend/utils/adt/ruleutils.c`).
fn negated(arg: &Expr, ty: TypeId) -> Option<Expr> {
    let Expr::Constant(constant) = arg else { return None };
    let text = constant.value.as_deref()?;
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let printed_bare = ty == TypeId::INT4 || (ty == TypeId::NUMERIC && text.contains('.'));
    if !is_number || !printed_bare {
        return None;
    }
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let value = Some(if zero { text.into() } else { format!("-{text}").into() });
    Some(Expr::Constant(Box::new(Constant { ty: constant.ty.clone(), value })))
}

/// An operator that was found, with the types its operands are coerced to.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    /// Its full name.
    pub name: Name,
    /// What the left operand is coerced to; none for a prefix operator.
    pub left: Option<TypeId>,
    /// What the right operand is coerced to.
    pub right: TypeId,
    /// Its result.
    pub result: TypeId,
}

impl Analyzer<'_> {
    /// `left op right` with its operands coerced (`make_op`).
    pub(super) fn operation(&mut self, name: &Name, left: Option<Typed>, right: Typed) -> Typed {
        let found = match (left.as_ref().map(Typed::input), right.input()) {
            (Some(None), _) | (_, None) => None,
            (Some(Some(left)), Some(right)) => self.binary_operator(name, left, right),
            (None, Some(right)) => self.prefix_operator(name, right),
        };
        let Some(found) = found else {
            self.operator_not_found(name, left.as_ref(), &right);
            let operation = Operation {
                operator: name.clone(),
                left: left.map(|left| left.expr),
                right: right.expr,
            };
            return Typed::undecided(Expr::Operator(Box::new(operation)));
        };
        let left = match (left, found.left) {
            (Some(left), Some(ty)) => Some(self.coerce_implicit(left, ty)),
            (left, _) => left.map(|left| left.expr),
        };
        let right = self.coerce_implicit(right, found.right);
        if left.is_none()
            && found.name.is_builtin("-")
            && let Some(negative) = negated(&right, found.result)
        {
            self.apply(NormalRule::ConstantCast);
            return Typed::plain(negative, found.result);
        }
        if name.namespace.is_none() {
            self.apply(NormalRule::Qualify);
        }
        let operation = Operation { operator: found.name, left, right };
        Typed::plain(Expr::Operator(Box::new(operation)), found.result)
    }

    pub(super) fn operator_not_found(&mut self, name: &Name, left: Option<&Typed>, right: &Typed) {
        let known = left.is_none_or(|left| left.input().is_some()) && right.input().is_some();
        if known {
            let shown = |value: &Typed| {
                value.input().map_or_else(String::new, |ty| self.catalog.ty(ty).name.to_string())
            };
            let left = left.map(shown).unwrap_or_default();
            let message = format!(
                "operator {left} {} {} belongs to no known catalog",
                name.name.as_str(),
                shown(right)
            );
            self.give_up(message);
        }
    }

    /// The name of the binary operator for two operand types.
    pub(in crate::normalize) fn operator_name(
        &self,
        name: &Name,
        left: TypeId,
        right: TypeId,
    ) -> Option<Name> {
        self.binary_operator(name, left, right).map(|found| found.name)
    }

    /// The binary operator for two operand types (`oper`).
    pub(super) fn binary_operator(
        &self,
        name: &Name,
        left: TypeId,
        right: TypeId,
    ) -> Option<Resolved> {
        let visible = self.visible_operators(name);
        let exact = |left: TypeId, right: TypeId| {
            visible.iter().find(|entry| entry.left == Some(left) && entry.right == right).copied()
        };
        let (same_left, same_right, was_unknown) = match (left, right) {
            (TypeId::UNKNOWN, TypeId::UNKNOWN) => (left, right, false),
            (TypeId::UNKNOWN, other) | (other, TypeId::UNKNOWN) => (other, other, true),
            both => (both.0, both.1, false),
        };
        let base = self.base_id(same_left);
        let found = exact(same_left, same_right)
            .or_else(|| (was_unknown && base != same_left).then(|| exact(base, base)).flatten())
            .or_else(|| {
                let candidates: Vec<Candidate<'_>> = visible
                    .iter()
                    .filter_map(|entry| {
                        Some(Candidate { entry, args: vec![entry.left?, entry.right] })
                    })
                    .collect();
                self.select(&[left, right], &candidates)
            })?;
        self.bound(found, &[left, right])
    }

    /// The prefix operator for an operand type (`left_oper`).
    fn prefix_operator(&self, name: &Name, right: TypeId) -> Option<Resolved> {
        let visible = self.visible_operators(name);
        let prefix = || visible.iter().filter(|entry| entry.left.is_none());
        let found = prefix().find(|entry| entry.right == right).copied().or_else(|| {
            let candidates: Vec<Candidate<'_>> =
                prefix().map(|entry| Candidate { entry, args: vec![entry.right] }).collect();
            self.select(&[right], &candidates)
        })?;
        self.bound(found, &[right])
    }

    /// Operators of the name that the path shows: of two with equal operands, the one in
    /// the earlier namespace (`OpernameGetCandidates`, `src/backend/catalog/namespace.c`).
    fn visible_operators(&self, name: &Name) -> Vec<&OperatorEntry> {
        let namespaces = self.namespaces(name);
        let mut visible: Vec<&OperatorEntry> = Vec::new();
        for namespace in &namespaces {
            for entry in self.catalog.operators(name.name.as_str()) {
                let hidden =
                    |other: &&OperatorEntry| other.left == entry.left && other.right == entry.right;
                if *namespace == *entry.schema.as_str() && !visible.iter().any(hidden) {
                    visible.push(entry);
                }
            }
        }
        visible
    }

    fn select<'e>(
        &self,
        inputs: &[TypeId],
        candidates: &[Candidate<'e>],
    ) -> Option<&'e OperatorEntry> {
        let args: Vec<&[TypeId]> = candidates.iter().map(|candidate| &*candidate.args).collect();
        let best = self.select_candidate(inputs, &args)?;
        candidates.get(best).map(|candidate| candidate.entry)
    }

    /// The operator with its polymorphic types bound.
    fn bound(&self, entry: &OperatorEntry, inputs: &[TypeId]) -> Option<Resolved> {
        let declared: Vec<TypeId> = entry.left.into_iter().chain([entry.right]).collect();
        let name = Name::qualified(&entry.schema, &entry.name);
        if !declared.iter().chain([&entry.result]).any(|ty| ty.is_polymorphic()) {
            let (left, right, result) = (entry.left, entry.right, entry.result);
            return Some(Resolved { name, left, right, result });
        }
        let binding = self.bind(inputs, &declared, false)?;
        Some(Resolved {
            name,
            left: match entry.left {
                Some(left) => Some(self.substitute(left, &binding)?),
                None => None,
            },
            right: self.substitute(entry.right, &binding)?,
            result: self.substitute(entry.result, &binding)?,
        })
    }

    /// The index of the one candidate that fits best (`func_match_argtypes`,
    /// `func_select_candidate`, `src/backend/parser/parse_func.c`); `None` when none or
    /// several do.
    pub(super) fn select_candidate(
        &self,
        inputs: &[TypeId],
        candidates: &[&[TypeId]],
    ) -> Option<usize> {
        let fits = |args: &&[TypeId]| {
            args.len() == inputs.len() && self.can_coerce(inputs, args, CastContext::Implicit)
        };
        let all: Vec<(usize, &[TypeId])> = candidates
            .iter()
            .enumerate()
            .filter(|(_, args)| fits(args))
            .map(|(i, args)| (i, *args))
            .collect();
        if let [(only, _)] = all.as_slice() {
            return Some(*only);
        }
        let bases: Vec<TypeId> = inputs.iter().map(|input| self.base_id(*input)).collect();
        let all = best_by(all, |args| exact_matches(&bases, args));
        if let [(only, _)] = all.as_slice() {
            return Some(*only);
        }
        let all = best_by(all, |args| {
            let good = |(base, arg): &(&TypeId, &TypeId)| {
                **base != TypeId::UNKNOWN
                    && (base == arg || self.catalog.is_preferred(self.category(**base), **arg))
            };
            bases.iter().zip(args).filter(good).count()
        });
        if let [(only, _)] = all.as_slice() {
            return Some(*only);
        }
        if !bases.contains(&TypeId::UNKNOWN) {
            return None;
        }
        let all = self.by_category(&bases, all);
        if let [(only, _)] = all.as_slice() {
            return Some(*only);
        }
        self.by_known_type(&bases, &all)
    }

    /// Guesses the categories of unknown arguments, and drops candidates that do not agree.
    fn by_category<'c>(
        &self,
        bases: &[TypeId],
        candidates: Vec<(usize, &'c [TypeId])>,
    ) -> Vec<(usize, &'c [TypeId])> {
        use crate::catalog::Category;
        let mut slots: Vec<Option<(Category, bool)>> = Vec::new();
        for (at, base) in bases.iter().enumerate() {
            if *base != TypeId::UNKNOWN {
                slots.push(None);
                continue;
            }
            let mut slot: Option<(Category, bool)> = None;
            let mut conflict = false;
            for (_, args) in &candidates {
                let Some(arg) = args.get(at) else { continue };
                let category = self.category(*arg);
                let preferred = self.catalog.is_preferred(category, *arg);
                slot = Some(match slot {
                    None => (category, preferred),
                    Some((own, any)) if own == category => (own, any || preferred),
                    Some(_) if category == Category::STRING => (category, preferred),
                    Some(other) => {
                        conflict = true;
                        other
                    }
                });
            }
            if conflict && slot.is_none_or(|(category, _)| category != Category::STRING) {
                return candidates;
            }
            slots.push(slot);
        }
        let agrees = |(_, args): &(usize, &[TypeId])| {
            args.iter().zip(&slots).all(|(arg, slot)| match slot {
                None => true,
                Some((category, preferred)) => {
                    self.category(*arg) == *category
                        && (!preferred || self.catalog.is_preferred(*category, *arg))
                }
            })
        };
        let kept: Vec<_> =
            candidates.iter().filter(|candidate| agrees(candidate)).copied().collect();
        if kept.is_empty() { candidates } else { kept }
    }

    /// When all known arguments have one type, the unknown ones are taken to have it too.
    fn by_known_type(&self, bases: &[TypeId], candidates: &[(usize, &[TypeId])]) -> Option<usize> {
        let mut known = bases.iter().filter(|base| **base != TypeId::UNKNOWN);
        let first = *known.next()?;
        if known.any(|other| *other != first) {
            return None;
        }
        let assumed = vec![first; bases.len()];
        let mut fitting = candidates
            .iter()
            .filter(|(_, args)| self.can_coerce(&assumed, args, CastContext::Implicit));
        let (only, _) = fitting.next()?;
        fitting.next().is_none().then_some(*only)
    }
}

/// An operator as a candidate.
struct Candidate<'e> {
    entry: &'e OperatorEntry,
    args: Vec<TypeId>,
}

fn exact_matches(bases: &[TypeId], args: &[TypeId]) -> usize {
    bases.iter().zip(args).filter(|(base, arg)| **base != TypeId::UNKNOWN && base == arg).count()
}

/// The candidates with the greatest score.
fn best_by(
    candidates: Vec<(usize, &[TypeId])>,
    score: impl Fn(&[TypeId]) -> usize,
) -> Vec<(usize, &[TypeId])> {
    let best = candidates.iter().map(|(_, args)| score(args)).max().unwrap_or(0);
    candidates.into_iter().filter(|(_, args)| score(args) == best).collect()
}
