use super::address::{PostgresAddress, Trust};
use crate::{Result, StoreError};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};
use std::{path::Path, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;
use x509_cert::der::Decode;

pub(super) fn connector(address: &PostgresAddress) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let unusable = |error: rustls::Error| StoreError::Unusable(format!("TLS: {error}"));
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let known = match &address.trust {
        Trust::System => {
            let config = config.with_root_certificates(system_roots()?).with_no_client_auth();
            return Ok(MakeRustlsConnect::new(config));
        }
        Trust::Authority { file, checks_name } => Some(Known::read(file, *checks_name, &provider)?),
        Trust::Anybody => None,
    };
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(Verifier { provider, known }));
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

fn system_roots() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(StoreError::Unusable(
            "this system has no certificates of authorities; name a file of them with sslrootcert=".into(),
        ));
    }
    Ok(roots)
}

/// Verifies a server as libpq does, which is more lenient than the rules of web browsers.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// Without it, every server is believed: what `sslmode=require` without a root certificate means to clients of
    /// PostgreSQL.
    known: Option<Known>,
}

/// The certificates of a file.
#[derive(Debug)]
struct Known {
    certificates: Vec<CertificateDer<'static>>,
    /// Accepts what one of them has signed.
    authorities: Arc<WebPkiServerVerifier>,
    checks_name: bool,
}

impl Known {
    fn read(file: &Path, checks_name: bool, provider: &Arc<CryptoProvider>) -> Result<Self> {
        let unusable = |reason: String| StoreError::Io { path: file.into(), reason };
        let read = CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))?;
        let mut certificates = Vec::new();
        let mut roots = RootCertStore::empty();
        for certificate in read {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            roots.add(certificate.clone()).map_err(|error| unusable(error.to_string()))?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(unusable("no certificate is in it".into()));
        }
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let authorities = authorities.build().map_err(|error| unusable(error.to_string()))?;
        Ok(Self { certificates, authorities, checks_name })
    }

    /// PostgreSQL's manual makes a certificate that is self-signed and may sign others. The rules for chains do not
    /// accept it for a server. If the file holds that very certificate, there is no chain to verify.
    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.certificates.iter().any(|known| known == certificate) {
            check_time(certificate, now)?;
            if self.checks_name {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match self.authorities.verify_server_cert(certificate, others, name, ocsp, now) {
            // The name is the last thing that is verified.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.known {
            Some(known) => known.verify(certificate, others, name, ocsp, now),
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn check_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let read = x509_cert::Certificate::from_der(certificate)
        .map_err(|_| rustls::Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let validity = read.tbs_certificate.validity;
    let (begin, end) =
        (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs());
    match now.as_secs() {
        now if now < begin => Err(rustls::Error::InvalidCertificate(CertificateError::NotValidYet)),
        now if now > end => Err(rustls::Error::InvalidCertificate(CertificateError::Expired)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Valid from 2026-11-29T05:11:10Z for two days.
    const CERTIFICATE: &[u8] = b"\
-----BEGIN CERTIFICATE-----\n\
MIIBfjCCASOgAwIBAgIUGsC8cuQ2B8mNfvtBUkEgWFUOs1EwCgYIKoZIzj0EAwIw\n\
FDESMBAGA1UEAwwJbG9jYWxob3N0MB4XDTI2MTEyOTA1MTExMFoXDTI2MTIwMTA1\n\
MTExMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n\
AQcDQgAEhpxr+spxDsHhximo0PEa2CH085weykrq0aj+/YhhIXsZXx8nx0K+v5Wn\n\
WvFlrMIePGnRk4IAjopGMp4PgPnLD6NTMFEwHQYDVR0OBBYEFHDTONI2HqHKo1lQ\n\
Oe/laOk+fkYAMB8GA1UdIwQYMBaAFHDTONI2HqHKo1lQOe/laOk+fkYAMA8GA1Ud\n\
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAOlhoZRDbT9pwCz5IDDBQ2b9\n\
/bbVHci7Ny4rlq85OIY/AiEAkU8ONy+s9uCW76sDo7aipNylYeGFeueC1wH/vFot\n\
eVs=\n\
-----END CERTIFICATE-----";

    #[test]
    fn a_certificate_of_the_file_is_believed_from_its_begin_to_its_end() {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
        let at = |seconds| check_time(&certificate, UnixTime::since_unix_epoch(Duration::from_secs(seconds)));
        let refused = |error| Err(rustls::Error::InvalidCertificate(error));
        assert_eq!(at(1_795_929_069), refused(CertificateError::NotValidYet));
        assert_eq!(at(1_795_929_070), Ok(()));
        assert_eq!(at(1_796_101_870), Ok(()));
        assert_eq!(at(1_796_101_871), refused(CertificateError::Expired));
    }
}
