using System.Globalization;
using Voucher.Terminal.Home;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal.Diagnostics;

/// <summary><c>wait-until-up SECONDS</c>: waits until the terminal of this machine answers, and prints where; asks once for 0 seconds.</summary>
internal static class WaitUntilUpCommand
{
    public const string Name = "wait-until-up";
    private const int LongestSeconds = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(2);

    /// <returns>0 when it answers, 1 when it does not in time.</returns>
    public static async Task<int> Run(string[] args, TextWriter output, TimeProvider time)
    {
        if (args is not [var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestSeconds)
        {
            await output.WriteLineAsync($"Usage: Voucher.Terminal {Name} SECONDS");
            return 1;
        }
        var address = Address();
        var begun = time.GetTimestamp();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = OneAnswer };
        do
        {
            if (await Answers(http))
            {
                await output.WriteLineAsync(address.AbsoluteUri);
                return 0;
            }
            if (seconds > 0) await Task.Delay(Pause, time);
        }
        while (time.GetElapsedTime(begun).TotalSeconds < seconds);
        return 1;
    }

    private static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("local/state", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>As the settings say, where this account may read them; a service's are its own.</summary>
    private static Uri Address()
    {
        var settings = new SettingsBoard(TerminalHome.FolderFrom(new ConfigurationBuilder().AddEnvironmentVariables().Build())).Now;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.Port}/"));
    }
}
