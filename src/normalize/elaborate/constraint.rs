//! Constraints of tables and domains.

use super::{Elaborator, normal};
use crate::catalog::TypeId;
use crate::model::{
    Constraint, ConstraintDefinition, Domain, Exclusion, Expression, Facet, IndexKey, Name,
    ObjectId, Place, QualifiedName, SearchPath,
};

impl Elaborator<'_, '_> {
    pub(super) fn constraint(
        &mut self,
        parent: &QualifiedName,
        constraint: &Constraint,
    ) -> Option<Constraint> {
        let definition = match &constraint.definition {
            ConstraintDefinition::Check { expression, no_inherit } => {
                let expression = self.check(parent, expression);
                ConstraintDefinition::Check { expression, no_inherit: *no_inherit }
            }
            ConstraintDefinition::Exclusion(exclusion) => {
                ConstraintDefinition::Exclusion(self.exclusion(parent, exclusion))
            }
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::ForeignKey(_) => return None,
        };
        Some(Constraint { definition, ..constraint.clone() })
    }

    fn check(&mut self, parent: &QualifiedName, written: &Expression) -> Expression {
        let domain = self.context.schema.objects.get(&ObjectId::Domain(parent.clone()));
        let domain: Option<&Domain> = domain.and_then(|entry| (&entry.object).try_into().ok());
        let Some(domain) = domain else {
            return self.condition(Facet::Expression, parent, written);
        };
        let mut analyzer = self.analyzer(&written.path);
        analyzer.domain_value = self.context.ty(&domain.base);
        let expr = self.part(&Place::facet(Facet::Expression), analyzer, |analyzer| {
            let typed = analyzer.expr(&written.expr);
            analyzer.coerce_boolean(typed)
        });
        normal(expr)
    }

    fn exclusion(&mut self, table: &QualifiedName, exclusion: &Exclusion) -> Exclusion {
        let (elements, predicate, path) =
            (&exclusion.elements, &exclusion.predicate, &exclusion.path);
        let elements = elements.iter().map(|element| self.element(table, exclusion, element));
        let elements = elements.collect();
        let predicate = self.predicate(table, predicate.as_ref(), path);
        Exclusion { elements, predicate, path: SearchPath::empty(), ..exclusion.clone() }
    }

    /// `key WITH operator`: the operator is that of the key's type with itself
    /// (`ComputeIndexAttrs`, `src/backend/commands/indexcmds.c`).
    fn element(
        &mut self,
        table: &QualifiedName,
        exclusion: &Exclusion,
        (key, operator): &(IndexKey, Name),
    ) -> (IndexKey, Name) {
        let path = &exclusion.path;
        let (key, ty) = self.key(Facet::Elements, table, &exclusion.method, key, path);
        let id = ty.map(|ty| ty.id).filter(|id| *id != TypeId::UNKNOWN);
        let found = id.and_then(|id| self.analyzer(path).operator_name(operator, id, id));
        if found.is_none() {
            let reason = format!("operator {} belongs to no known catalog", operator.name.as_str());
            self.give_up(&Place::facet(Facet::Elements), vec![reason]);
        }
        (key, found.unwrap_or_else(|| operator.clone()))
    }
}
