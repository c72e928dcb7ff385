//! Clients of tokio-tungstenite and fastwebsockets, on one thread, as the C++ ones.
//!   peers SUBJECT PORT KIND SIZE COUNT LAYER     exit status 3: cannot do that
mod fastwebsockets_client;
mod meter;
mod tungstenite_client;

use tokio::net::TcpStream;

pub struct Load {
    pub port: u16,
    pub echo: bool,
    pub size: usize,
    pub messages: u64,
    pub tls: bool,
}

const UNSUPPORTED: i32 = 3;

fn read_arguments() -> (String, Load) {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.len() != 7 {
        std::process::exit(2);
    }
    let known = ["echo", "receive"].contains(&arguments[3].as_str()) && arguments[6] != "deflate";
    if !known {
        std::process::exit(UNSUPPORTED);
    }
    let number = |at: usize| arguments[at].parse::<u64>().expect("a number");
    let load = Load {
        port: number(2) as u16,
        echo: arguments[3] == "echo",
        size: number(4) as usize,
        messages: number(5),
        tls: arguments[6] == "tls",
    };
    (arguments[1].clone(), load)
}

/// TCP, without waiting for more to send.
pub async fn connect(load: &Load) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", load.port)).await.expect("connect");
    stream.set_nodelay(true).expect("nodelay");
    stream
}

/// OpenSSL, as the C++ clients have it.
pub async fn secure(stream: TcpStream) -> tokio_native_tls::TlsStream<TcpStream> {
    let connector = native_tls::TlsConnector::builder()
        .danger_accept_invalid_certs(true)
        .danger_accept_invalid_hostnames(true)
        .build()
        .expect("TLS");
    tokio_native_tls::TlsConnector::from(connector).connect("localhost", stream).await.expect("TLS handshake")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (subject, load) = read_arguments();
    match subject.as_str() {
        "tokio-tungstenite" => tungstenite_client::run(load).await,
        "fastwebsockets" => fastwebsockets_client::run(load).await,
        _ => std::process::exit(UNSUPPORTED),
    }
}
