use serde::{Deserialize, Serialize};

/// How the gateway knows us. All but the address are given by the gateway's people at registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The gateway's address, such as `http://10.0.0.5:8080`, without a path.
    pub address: String,
    /// The service provider's code, such as `SP99999`.
    pub sp_code: String,
    /// The code of the provider's part that is paid.
    pub sub_sp_code: String,
    /// The name under which the gateway knows this system.
    pub system_id: String,
    /// The government's revenue code of contributions.
    pub gfs_code: String,
    /// What a bill says it is for.
    pub description: String,
    /// Who makes and approves bills.
    pub made_by: String,
    /// The e-mail address on bills; empty where the gateway takes none.
    pub email: String,
}

impl Default for Options {
    /// The demo's: the codes of the sandbox gateway, no address.
    fn default() -> Self {
        Self {
            address: String::new(),
            sp_code: "SP99999".to_owned(),
            sub_sp_code: "1001".to_owned(),
            system_id: "NYOTA001".to_owned(),
            gfs_code: "140206".to_owned(),
            description: "Health scheme contribution".to_owned(),
            made_by: "nyota".to_owned(),
            email: String::new(),
        }
    }
}
