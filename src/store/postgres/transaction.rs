use async_trait::async_trait;

use super::{connection::Connection, tables::Tables};
use crate::store::{
    Audit, Bills, Callers, Complaints, Copies, Decisions, Editions, Effects, Enquiries, Incoming,
    Jobs, Journal, Ledger, Marks, Messages, Notices, Payments, Publications, Receipts,
    Reconciliations, Result, Retention, Said, Sandbox, Schedules, Sealed, Sealer, Switches,
    Transaction,
};

/// A transaction of [`super::PostgresStore`]; dropped, it is rolled back.
pub(super) struct PostgresTransaction<'s> {
    connection: Connection,
    sealer: &'s Sealer,
}

impl<'s> PostgresTransaction<'s> {
    pub(super) fn new(connection: Connection, sealer: &'s Sealer) -> Self {
        Self { connection, sealer }
    }

    fn tables(&mut self) -> Tables<'_> {
        Tables {
            connection: &mut self.connection,
            sealer: self.sealer,
        }
    }
}

#[async_trait]
impl Transaction for PostgresTransaction<'_> {
    fn callers(&mut self) -> Box<dyn Callers + '_> {
        Box::new(self.tables())
    }

    fn effects(&mut self) -> Box<dyn Effects + '_> {
        Box::new(self.tables())
    }

    fn jobs(&mut self) -> Box<dyn Jobs + '_> {
        Box::new(self.tables())
    }

    fn bills(&mut self) -> Box<dyn Bills + '_> {
        Box::new(self.tables())
    }

    fn payments(&mut self) -> Box<dyn Payments + '_> {
        Box::new(self.tables())
    }

    fn ledger(&mut self) -> Box<dyn Ledger + '_> {
        Box::new(self.tables())
    }

    fn audit(&mut self) -> Box<dyn Audit + '_> {
        Box::new(self.tables())
    }

    fn reconciliations(&mut self) -> Box<dyn Reconciliations + '_> {
        Box::new(self.tables())
    }

    fn notices(&mut self) -> Box<dyn Notices + '_> {
        Box::new(self.tables())
    }

    fn messages(&mut self) -> Box<dyn Messages + '_> {
        Box::new(self.tables())
    }

    fn receipts(&mut self) -> Box<dyn Receipts + '_> {
        Box::new(self.tables())
    }

    fn incoming(&mut self) -> Box<dyn Incoming + '_> {
        Box::new(self.tables())
    }

    fn journal(&mut self) -> Box<dyn Journal + '_> {
        Box::new(self.tables())
    }

    fn editions(&mut self) -> Box<dyn Editions + '_> {
        Box::new(self.tables())
    }

    fn enquiries(&mut self) -> Box<dyn Enquiries + '_> {
        Box::new(self.tables())
    }

    fn decisions(&mut self) -> Box<dyn Decisions + '_> {
        Box::new(self.tables())
    }

    fn schedules(&mut self) -> Box<dyn Schedules + '_> {
        Box::new(self.tables())
    }

    fn retention(&mut self) -> Box<dyn Retention + '_> {
        Box::new(self.tables())
    }

    fn publications(&mut self) -> Box<dyn Publications + '_> {
        Box::new(self.tables())
    }

    fn switches(&mut self) -> Box<dyn Switches + '_> {
        Box::new(self.tables())
    }

    fn said(&mut self) -> Box<dyn Said + '_> {
        Box::new(self.tables())
    }

    fn complaints(&mut self) -> Box<dyn Complaints + '_> {
        Box::new(self.tables())
    }

    fn marks(&mut self) -> Box<dyn Marks + '_> {
        Box::new(self.tables())
    }

    fn sandbox(&mut self) -> Box<dyn Sandbox + '_> {
        Box::new(self.tables())
    }

    fn sealed(&mut self) -> Box<dyn Sealed + '_> {
        Box::new(self.tables())
    }

    fn copies(&mut self) -> Box<dyn Copies + '_> {
        Box::new(self.tables())
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.connection.commit().await
    }
}
