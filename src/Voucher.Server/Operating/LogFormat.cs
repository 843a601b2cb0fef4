namespace Voucher.Server.Operating;

/// <summary>
/// Lines for people, or, with <c>VOUCHER_LOG=json</c>, one JSON object a line for programs. Either way without scopes: they
/// would hold the request's address, and the key of a phone page is in one.
/// </summary>
public static class LogFormat
{
    public static void AddLogFormat(this ILoggingBuilder logging, IConfiguration configuration)
    {
        if (configuration["VOUCHER_LOG"] is not "json") return;
        logging.AddJsonConsole(json =>
        {
            json.IncludeScopes = false;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
