use super::{
    super::{GatewayKey, KeyOptions, Keys, LoadError},
    world::{noon, path, recorded},
};

fn options(folder: &std::path::Path) -> KeyOptions {
    let password = folder.join("password");
    std::fs::write(&password, "test-only\n").unwrap();
    KeyOptions {
        own: path("keys/sp_rc2_legacy.p12"),
        own_password: Some(password.clone()),
        gateway: vec![GatewayKey {
            file: path("keys/gepg_public_certonly.p12"),
            password: Some(password),
            ..GatewayKey::default()
        }],
        ..KeyOptions::default()
    }
}

#[test]
fn the_files_that_the_settings_name_are_loaded_with_their_passwords_and_dates() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    let raw = recorded("gepg-v5/07_pmtSpNtfReq_exact.xml");
    assert!(Keys::load(&options).unwrap().open(&raw, noon()).is_ok());
    options.gateway[0].until = Some(noon() - chrono::TimeDelta::seconds(1));
    let ended = Keys::load(&options).unwrap();
    assert!(ended.open(&raw, noon()).is_err());
}

#[test]
fn a_file_that_is_not_there_or_not_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    options.own_password = None;
    let closed = Keys::load(&options).unwrap_err().to_string();
    assert!(closed.contains("sp_rc2_legacy.p12"), "{closed}");
    options.own = folder.path().join("none.p12");
    let missing = Keys::load(&options).unwrap_err();
    assert!(matches!(missing, LoadError::File { .. }), "{missing}");
    assert!(missing.to_string().contains("none.p12"), "{missing}");
}
