//! Fields whose names settings tell: an account reads them by their own names.

use std::sync::Arc;

use super::{Account, Chain, Piece, Profile, Read, Route, Source, Template, Test};

impl Account {
    /// Its profile with every field called as its settings say.
    pub(super) fn called(&self) -> Arc<Profile> {
        let mut profile = Profile::clone(&self.profile);
        let routes = profile.receive.iter_mut().chain(&mut profile.reports);
        routes.for_each(|route| self.in_route(route));
        for (chain, wanted) in &mut profile.caller.fields {
            self.in_chain(chain);
            self.in_template(wanted);
        }
        Arc::new(profile)
    }

    fn in_route(&self, route: &mut Route) {
        let own = route.event_reads.iter_mut().flat_map(|(_, reads)| reads);
        for read in route.reads.iter_mut().chain(own) {
            self.in_read(read);
        }
        for test in route.rules.iter_mut().flat_map(|rule| &mut rule.tests) {
            if let Test::Compared { any, .. } = test {
                for chain in any {
                    self.in_chain(chain);
                }
            }
        }
    }

    fn in_read(&self, read: &mut Read) {
        if let Some((root, setting)) = read.written.split_once("[setting.") {
            let name = setting.trim_end_matches(']');
            read.written = format!("{root}.{}", self.name_of(name));
        }
        let chains = read.value.0.iter_mut();
        chains.for_each(|chain| self.in_chain(chain));
    }

    fn in_chain(&self, chain: &mut Chain) {
        if let Source::Template(template) = &mut chain.source {
            self.in_template(template);
        } else if let Source::Called(field) = &mut chain.source {
            if let Source::Query(name)
            | Source::Form(name)
            | Source::Param(name)
            | Source::Header(name) = field.as_mut()
            {
                *name = self.name_of(name);
            }
            chain.source = Source::clone(field);
        }
    }

    fn in_template(&self, template: &mut Template) {
        for piece in &mut template.0 {
            if let Piece::Slot(value) = piece {
                value.0.iter_mut().for_each(|chain| self.in_chain(chain));
            }
        }
    }

    /// What a setting calls a field; nothing where it has no value.
    fn name_of(&self, setting: &str) -> String {
        self.text_of(setting).unwrap_or_default().to_owned()
    }
}
