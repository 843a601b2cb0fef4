using System.Diagnostics;
using System.Globalization;
using System.Net;
using Voucher.Testing;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>A real nginx with the configuration that the documentation shows; only its three addresses are others.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private Nginx(string folder, Process process, Uri address) => (_folder, _process, Address) = (folder, process, address);

    public Uri Address { get; }

    /// <summary>One line a request or WebSocket that has ended: server, status, path.</summary>
    public string[] Log => File.ReadAllLines(Path.Combine(_folder, "access.log"));

    /// <summary>Skips the test where there is none: it is not installed for tests alone, since Debian starts it at once.</summary>
    public static async Task<Nginx> StartAsync(Uri first, Uri second)
    {
        var program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "nginx is not installed");
        var folder = Directory.CreateTempSubdirectory("voucher-nginx-").FullName;
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}"));
        await File.WriteAllTextAsync(Path.Combine(folder, "voucher.conf"), (await File.ReadAllTextAsync(RepositoryRoot.PathTo("docs", "proxy", "nginx.conf")))
            .Replace("127.0.0.1:5081", first.Authority, StringComparison.Ordinal)
            .Replace("127.0.0.1:5082", second.Authority, StringComparison.Ordinal)
            .Replace("127.0.0.1:8080", address.Authority, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{folder}}/pid;
            error_log {{folder}}/error.log;
            events {}
            http {
                log_format short '$upstream_addr $status $uri';
                access_log {{folder}}/access.log short;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                include {{folder}}/voucher.conf;
            }
            """);
        var process = Process.Start(new ProcessStartInfo(program!, ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")]))!;
        var nginx = new Nginx(folder, process, address);
        await nginx.WaitAsync();
        return nginx;
    }

    private async Task WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var http = new HttpClient { BaseAddress = Address };
        while (true)
        {
            try
            {
                // Answered by nginx itself.
                Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/health/ready", limit.Token)).StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                if (_process.HasExited) Assert.Fail(await File.ReadAllTextAsync(Path.Combine(_folder, "error.log"), limit.Token));
                await Task.Delay(50, limit.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
